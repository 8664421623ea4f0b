/** A sentence of the API for a page that shows the state in a colour already. Pure. */

/** Without the state's code before it: `Paid.` of `paid: paid.` */
export function sentenceOf(text: string): string {
  const rest = text.replace(/^[a-z_]+(?:: |：)/, '');
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
