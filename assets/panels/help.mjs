/** The help dialog. */

import { byId } from "../core/dom.mjs";

export function createHelp() {
  const dialog = byId("help");
  const toggle = () => (dialog.open ? dialog.close() : dialog.showModal());
  byId("help-button").addEventListener("click", toggle);
  byId("help-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // The backdrop belongs to the dialog; its content lies inside.
  });
  return { toggle, isOpen: () => dialog.open };
}
