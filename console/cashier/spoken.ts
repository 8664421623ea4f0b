/** An amount as it is read out by a voice. The words around it are in `words/cashier.ts`. */
const FEN_PER_YUAN = 100;

/** `88`, `88.5`, `0.05`: voices read what has no zeros at its end. */
export function spokenYuan(amountFen: number): string {
  const fen = amountFen % FEN_PER_YUAN;
  const yuan = String(Math.trunc(amountFen / FEN_PER_YUAN));
  return fen === 0 ? yuan : `${yuan}.${String(fen).padStart(2, '0').replace(/0$/, '')}`;
}
