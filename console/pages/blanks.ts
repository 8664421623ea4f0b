/** Without the fields that were left empty: the API knows no empty text. */
export function withoutBlanks<Values extends object>(values: Values): Values {
  const filled = Object.entries(values).flatMap(([name, value]): [string, unknown][] => {
    const kept: unknown = typeof value === 'string' ? value.trim() : value;
    return kept === '' || kept === undefined || kept === null ? [] : [[name, kept]];
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same fields; what may be missing may be empty
  return Object.fromEntries(filled) as Values;
}
