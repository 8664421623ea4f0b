/**
 * What an operator may see of a person: enough to recognise an account that a guest reads out, too little to use it. Alipay
 * masks most accounts itself; what it does not, or only in a free text, is masked here. Our own numbers and Alipay's trade
 * numbers are longer than these patterns and stay whole.
 */

/** An account: a mobile number, an e-mail address or an id of Alipay. What is masked already stays as it is. */
export function maskAccount(account: string): string {
  if (account.includes('*')) return account;
  const at = account.indexOf('@');
  if (at >= 0)
    return `${account.slice(0, Math.min(3, Math.max(1, at - 1)))}***${account.slice(at)}`;
  if (account.length < 8) return '*'.repeat(account.length);
  return `${account.slice(0, 3)}****${account.slice(-4)}`;
}

const ACCOUNTS = [
  /** E-mail addresses. */
  /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g,
  /** Alipay's ids of people and shops. */
  /(?<![\w])2088\d{12}(?![\w])/g,
  /** Payment codes: whoever has one within its minute can charge with it. */
  /(?<![\w])(?:2[5-9]|30)\d{14,22}(?![\w])/g,
  /** Mobile numbers. */
  /(?<![\w])1[3-9]\d{9}(?![\w])/g,
] as const;

/** A free text, such as Alipay's explanation of a refusal, with the accounts in it masked. */
export function maskText(text: string): string {
  return ACCOUNTS.reduce((masked, pattern) => masked.replace(pattern, maskAccount), text);
}
