/**
 * What stands behind "#" in the page's address: which view is shown, a QR code to pay (the cashier links to it) and the control
 * token of the simulator. The last two are taken out of the address once they were read.
 */
export const VIEWS = ['code', 'scan', 'history', 'demo'] as const;
export type View = (typeof VIEWS)[number];

export type Link = { view: View; qrCode?: string; token?: string };

export function readLink(hash: string): Link {
  const text = hash.replace(/^#/, '');
  const named = VIEWS.find((view) => view === text);
  if (named !== undefined) return { view: named };
  // Not URLSearchParams: a "+" in the text of a QR code is a "+".
  const fields = new Map(
    text.split('&').map((field) => {
      const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(field) ?? [];
      return [name, decoded(value)];
    }),
  );
  const [qrCode, token] = [fields.get('qr')?.trim(), fields.get('token')?.trim()];
  return {
    view: VIEWS.find((view) => view === fields.get('view')) ?? 'code',
    ...(qrCode === undefined || qrCode === '' ? {} : { qrCode }),
    ...(token === undefined || token === '' ? {} : { token }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A "%" that escapes nothing stands for itself.
    return text;
  }
}
