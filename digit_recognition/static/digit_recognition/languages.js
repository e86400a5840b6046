// The language switch: choosing is enough. By keyboard each arrow chooses, so there the button or Enter does it.

const form = document.querySelector("[data-role=languages]");
const select = form.querySelector("select");
const token = form.querySelector("[name=csrfmiddlewaretoken]");

select.setAttribute("aria-describedby", "language-help"); // without scripts the button opens the page

const OPENS_THE_LIST = [" ", "Enter", "F4"]; // whoever chooses in the open list chooses once
let passingBy = false;

select.addEventListener("keydown", (event) => {
  passingBy = !event.altKey && !OPENS_THE_LIST.includes(event.key);
  if (event.key === "Enter" && "changed" in form.dataset) {
    event.preventDefault();
    form.requestSubmit();
  }
});
select.addEventListener("pointerdown", () => (passingBy = false));
select.addEventListener("change", () => {
  if (passingBy) {
    form.dataset.changed = "";
  } else {
    form.requestSubmit();
  }
});

// Chosen before this script was there.
if (!select.selectedOptions[0].defaultSelected) {
  form.dataset.changed = "";
}

// The page's token may be old, and a page that was kept for visits without a network has none.
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const response = await fetch(form.dataset.tokenUrl);
    token.value = (await response.json()).token;
    form.submit();
  } catch {
    form.reset(); // no network, or no server
  }
});

for (const change of ["online", "offline"]) {
  addEventListener(change, followNetwork);
}
followNetwork();

// Going back shows a page as it was left, with the other language chosen.
addEventListener("pageshow", ({ persisted }) => persisted && form.reset());

function followNetwork() {
  select.disabled = !navigator.onLine; // the browser would show its own page of failure in place of the drawing
}
