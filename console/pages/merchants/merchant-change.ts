/** What a form about a merchant shows, and what of it is a change. */
import type { ChangeMerchantBody, Merchant } from '../../../client/client.ts';
import { withoutBlanks } from '../blanks.ts';

export type Fields = Pick<ChangeMerchantBody, 'name' | 'seller_id' | 'app_id' | 'sign_type'> & {
  readonly product_codes: { readonly barcode: string; readonly qr: string };
};

export function fieldsOf(merchant: Merchant): Fields {
  const { name, seller_id, app, product_codes } = merchant;
  return {
    ...(name === null ? {} : { name }),
    seller_id,
    app_id: app.app_id,
    sign_type: app.sign_type,
    product_codes,
  };
}

/** What is the same stays out: a person of one merchant may change the name, and no more. */
export function changeOf(before: Fields, wanted: Fields): ChangeMerchantBody {
  const { product_codes: codes, ...plain } = withoutBlanks(wanted);
  const old: Readonly<Record<string, unknown>> = before;
  const differs = Object.entries(plain).filter(([name, value]) => old[name] !== value);
  const isSame =
    codes.barcode === before.product_codes.barcode && codes.qr === before.product_codes.qr;
  return { ...Object.fromEntries(differs), ...(isSame ? {} : { product_codes: codes }) };
}
