package io.photophone.server;

import io.photophone.server.security.ClientAddress;
import io.photophone.server.security.Lease;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// The answer to a change, which is in the audit before anything of it is on its way.
final class AuditedResponse extends Response.Wrapper {
  private static final String TOLD = AuditedResponse.class.getName();
  private static final int LONGEST = 500;

  private final Lease lease;
  private final AtomicBoolean noted = new AtomicBoolean();

  AuditedResponse(Request request, Response response, Lease lease) {
    super(request, response);
    this.lease = lease;
  }

  /// Says what a request asks for, which must hold no secret.
  static void tell(Request request, String what) {
    request.setAttribute(TOLD, what);
  }

  @Override
  public void write(boolean last, ByteBuffer bytes, Callback callback) {
    noteStatus();
    super.write(last, bytes, callback);
  }

  /// The callback of the request, which ends answers without a body.
  Callback noting(Callback callback) {
    return new Callback.Nested(callback) {
      @Override
      public void succeeded() {
        noteStatus();
        super.succeeded();
      }

      @Override
      public void failed(Throwable failure) {
        note("failed");
        super.failed(failure);
      }
    };
  }

  /// 0 stands for one that nobody has set.
  private void noteStatus() {
    note(Integer.toString(getStatus() == 0 ? HttpStatus.OK_200 : getStatus()));
  }

  private void note(String result) {
    if (!noted.compareAndSet(false, true)) {
      return;
    }
    Request request = getRequest();
    String what = request.getMethod() + " " + Request.getPathInContext(request);
    if (request.getAttribute(TOLD) instanceof String told) {
      what += " " + (told.length() > LONGEST ? told.substring(0, LONGEST) + "…" : told);
    }
    lease.access().note(lease.caller(), ClientAddress.of(request), what, result);
  }
}
