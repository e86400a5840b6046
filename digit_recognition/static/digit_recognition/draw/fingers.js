// Says that fingers are ignored once a pen is seen, when one tries to draw, and lets them draw again.

/** @type {(desk: Desk, drawing: Drawing, pen: Pen, say: Say) => void} */
export function followFingers(desk, drawing, pen, say) {
  const notice = desk.querySelector("[data-role=fingers]");
  pen.addEventListener("refuse", () => {
    notice.hidden = false;
    say(notice.firstElementChild.textContent);
  });
  desk.querySelector("[data-action=fingers]").addEventListener("click", () => {
    pen.takeFingers();
    notice.hidden = true;
    desk.querySelector("[data-role=canvas]").focus(); // a button that is hidden loses it
  });
  drawing.addEventListener("change", () => (notice.hidden = true));
}
