/** Shows the document in the colours that the reader's system prefers. */

const dark = matchMedia("(prefers-color-scheme: dark)");
const doc = document.getElementById("doc");

function follow() {
  doc.setAttribute("theme", dark.matches ? "dark" : "light");
}

dark.addEventListener("change", follow);
follow();
