import * as api from "./api.js";
import { Asking } from "./asking.js";
import { setText } from "./draw.js";
import { NONE } from "./numbers.js";
import { clockText } from "./times.js";

const PERIOD_MS = 5000;
const DAY_S = 86_400;
const ROLES = ["viewer", "operator", "admin"];

/** The own password; for administrators users, tokens and the audit, asked for while unfolded. */
export class PhotophoneAccess extends HTMLElement {
  #parts = {};
  #asking;
  #me = { role: "viewer", anonymous: true };

  connectedCallback() {
    for (const part of this.querySelectorAll("[data-part]")) {
      this.#parts[part.dataset.part] = part;
    }
    for (const form of this.querySelectorAll("form")) {
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.#submit(form);
      });
    }
    this.#parts.copy.addEventListener("click", () => this.#copy());
    this.#asking = Asking.whileUnfolded(
      this.querySelector("details"),
      () => this.#ask(),
      PERIOD_MS,
      () => this.#me.role === "admin",
    );
  }

  /** Who is signed in. */
  set me(me) {
    this.#me = me;
    this.hidden = me.anonymous;
    this.#parts.admin.hidden = me.role !== "admin";
    this.#asking.now();
  }

  async #ask() {
    try {
      const [users, tokens, audit] = await Promise.all([
        api.users(),
        api.tokens(),
        api.audit(20),
      ]);
      this.#showUsers(users);
      this.#showTokens(tokens);
      this.#showAudit(audit);
      setText(this.#parts.note, "");
    } catch (error) {
      setText(this.#parts.note, `These are of the past: ${error.message}.`);
    }
  }

  async #submit(form) {
    const fields = Object.fromEntries(new FormData(form));
    const done = await this.#carryOut(async () => {
      if (form.dataset.form === "password") {
        await api.changePassword(fields.password, fields.new_password);
        return "The password is changed; other sessions of yours have ended.";
      }
      if (form.dataset.form === "user") {
        await api.createUser(fields);
        return `${fields.name} may sign in.`;
      }
      const { days, ...order } = fields;
      const made = await api.makeToken({ ...order, expires_s: Math.round(Number(days) * DAY_S) });
      this.#parts.token.value = made.token;
      this.#parts.made.hidden = false;
      return "Copy the token now: it is shown this once.";
    });
    if (done) {
      form.reset();
    }
  }

  /** Whether it was done. */
  async #carryOut(action) {
    try {
      setText(this.#parts.result, await action());
      setText(this.#parts.refusal, "");
      this.#asking.now();
      return true;
    } catch (error) {
      setText(this.#parts.result, "");
      setText(this.#parts.refusal, error.message);
      return false;
    }
  }

  async #copy() {
    this.#parts.token.select();
    await this.#carryOut(async () => {
      await navigator.clipboard.writeText(this.#parts.token.value);
      this.#parts.token.value = "";
      this.#parts.made.hidden = true;
      return "Copied.";
    });
  }

  #showUsers(users) {
    fill(this.#parts.users, users, (user) => {
      const role = document.createElement("select");
      role.append(...ROLES.map((name) => new Option(name, name, false, name === user.role)));
      role.setAttribute("aria-label", `Role of ${user.name}`);
      role.addEventListener("change", () =>
        this.#carryOut(async () => {
          await api.changeUser(user.name, { role: role.value });
          return `${user.name} is ${role.value} now.`;
        }),
      );
      return [
        user.name,
        role,
        button(user.enabled ? "Disable" : "Enable", user.name, () =>
          this.#carryOut(async () => {
            await api.changeUser(user.name, { enabled: !user.enabled });
            return `${user.name} is ${user.enabled ? "disabled" : "enabled"}.`;
          }),
        ),
        button("Delete", user.name, () =>
          this.#carryOut(async () => {
            await api.deleteUser(user.name);
            return `${user.name} is gone.`;
          }),
        ),
      ];
    });
  }

  #showTokens(tokens) {
    const now = Date.now();
    fill(this.#parts.tokens, tokens, (token) => [
      token.name,
      token.role,
      clockText(Date.parse(token.expires), now),
      token.by,
      token.revoked === null
        ? button("Revoke", token.name, () =>
            this.#carryOut(async () => {
              await api.revokeToken(token.id);
              return `${token.name} is revoked.`;
            }),
          )
        : "revoked",
    ]);
  }

  #showAudit(lines) {
    const now = Date.now();
    fill(this.#parts.audit, lines.toReversed(), (line) => [
      clockText(Date.parse(line.time), now),
      line.who,
      line.address,
      line.what,
      line.result === "" ? NONE : line.result,
    ]);
  }
}

/** Only where something has changed, so that nobody loses what they are about to press. */
function fill(body, items, cells) {
  const text = JSON.stringify(items);
  if (body.dataset.shown === text) {
    return;
  }
  body.dataset.shown = text;
  body.replaceChildren(
    ...items.map((item) => {
      const row = document.createElement("tr");
      cells(item).forEach((content, at) => {
        const cell = document.createElement(at === 0 ? "th" : "td");
        if (at === 0) {
          cell.scope = "row";
        }
        cell.append(content);
        row.append(cell);
      });
      return row;
    }),
  );
}

function button(label, about, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.setAttribute("aria-label", `${label} ${about}`);
  made.addEventListener("click", action);
  return made;
}
