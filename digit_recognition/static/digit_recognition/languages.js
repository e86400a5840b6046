// The language switch. Choosing a language opens the page in it. With the keyboard each arrow key chooses, so there a
// button or Enter confirms.

const form = document.querySelector("[data-role=languages]");
const select = form.querySelector("select");
const token = form.querySelector("[name=csrfmiddlewaretoken]");

select.setAttribute("aria-describedby", "language-help"); // it is true only with scripts

const OPENS_THE_LIST = [" ", "Enter", "F4"]; // in the open list, arrow keys choose nothing yet
let byArrow = false;

select.addEventListener("keydown", (event) => {
  byArrow = !event.altKey && !OPENS_THE_LIST.includes(event.key);
  if (event.key === "Enter" && "changed" in form.dataset) {
    event.preventDefault();
    form.requestSubmit();
  }
});
select.addEventListener("pointerdown", () => (byArrow = false));
select.addEventListener("change", () => {
  if (byArrow) {
    form.dataset.changed = "";
  } else {
    form.requestSubmit();
  }
});

// The visitor chose before this script had loaded.
if (!select.selectedOptions[0].defaultSelected) {
  form.dataset.changed = "";
}

// The page's token may have expired, and a page from the offline cache has none.
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

// The back button restores the page with the other language still chosen.
addEventListener("pageshow", ({ persisted }) => persisted && form.reset());

function followNetwork() {
  select.disabled = !navigator.onLine; // else the browser would replace the drawing with its own error page
}
