/**
 * The search of the reference page: hides whatever lacks one of the words, and opens what a link leads to. Without it the page has
 * everything, and only the field stays off.
 */
const field = document.querySelector('#search');
const found = document.querySelector('#found');
const entries = [...document.querySelectorAll('details')].map((element) => ({
  element,
  text: `${element.id} ${element.textContent}`.toLowerCase(),
}));

function search() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const { element, text } of entries) {
    const isFound = words.every((word) => text.includes(word));
    element.hidden = !isFound;
    count += Number(isFound);
  }
  for (const section of document.querySelectorAll('section')) {
    section.hidden = section.querySelector('details:not([hidden])') === null;
  }
  found.textContent = words.length === 0 ? '' : `${count} found 条结果`;
}

function openTarget() {
  const target = document.getElementById(location.hash.slice(1));
  if (target === null) return;
  // What was searched for before may hide it.
  field.value = '';
  search();
  if (target instanceof HTMLDetailsElement) target.open = true;
  target.scrollIntoView();
}

field.addEventListener('input', search);
window.addEventListener('hashchange', openTarget);
field.disabled = false;
search();
openTarget();
