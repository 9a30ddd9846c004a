/* A link that leads to a question before something final opens it here as a dialog. */

import { attachTo } from "./attaching.js";

attachTo("a[data-opens]", (link) => {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById(link.dataset.opens).showModal();
  });
});
