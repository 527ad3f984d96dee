/// Who may connect and how: addresses, certificates, proxies, limits. Depends on no resource.
package io.photophone.server.connection;
