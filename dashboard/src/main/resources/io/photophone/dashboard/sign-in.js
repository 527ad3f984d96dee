import { signIn } from "./api.js";
import { takeReturnAddress } from "./session.js";

const form = document.getElementById("sign-in");
const button = form.querySelector("button");
const problem = document.getElementById("sign-in-problem");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  enter({ name: form.elements.name.value, password: form.elements.password.value });
});

// A link that is opened where this page is already open loads nothing anew.
addEventListener("hashchange", enterByLink);
enterByLink();
offerProvider();

// What stands behind # is sent to nobody by the browser, and counts once: it needn't stay visible.
function enterByLink() {
  const secret = location.hash.slice(1);
  if (secret !== "") {
    history.replaceState(null, "", location.pathname + location.search);
    enter({ link: secret });
  }
}

// Without an answer the password still counts.
async function offerProvider() {
  const answer = await fetch("api/auth/oidc").catch(() => null);
  if (answer?.ok && (await answer.json()).available) {
    document.getElementById("sign-in-provider").hidden = false;
  }
}

async function enter(order) {
  button.disabled = true;
  problem.textContent = "";
  try {
    await signIn(order);
    location.replace(takeReturnAddress());
  } catch (error) {
    problem.textContent = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`;
    form.elements.password.value = "";
    button.disabled = false;
    form.elements[form.elements.name.value === "" ? "name" : "password"].focus();
  }
}
