// The notice that touch is ignored because a pen was used. It appears when a finger tries to draw. A button turns touch
// on again.

/** @type {(desk: Desk, drawing: Drawing, pen: Pen, say: Say) => void} */
export function followFingers(desk, drawing, pen, say) {
  const notice = desk.querySelector("[data-role=fingers]");
  pen.addEventListener("refuse", () => {
    notice.hidden = false;
    say(notice.firstElementChild.textContent);
  });
  desk.querySelector("[data-action=fingers]").addEventListener("click", () => {
    pen.allowFingers();
    notice.hidden = true;
    desk.querySelector("[data-role=canvas]").focus(); // a hidden button loses the focus
  });
  drawing.addEventListener("change", () => (notice.hidden = true));
}
