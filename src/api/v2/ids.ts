/**
 * Ids of the v2 API: the numbers that the gateway has anyway, each with a prefix that says what it names. What is not an id
 * of the kind that is asked for names nothing.
 */
import { CONTROL_PATTERN } from '../../core/limits.ts';
import type { Payment } from '../../core/payment.ts';
import type { Refund } from '../../core/refund.ts';

export function merchantId(cpiNo: string): string {
  return `mch_${cpiNo}`;
}

export function cpiNoOf(id: string): string | undefined {
  return /^mch_(?<no>[A-Za-z0-9]{1,64})$/.exec(id)?.groups?.['no'];
}

export function paymentId({ paymentNo }: Pick<Payment, 'paymentNo'>): string {
  return `pay_${paymentNo}`;
}

export function paymentNoOf(id: string): string | undefined {
  return /^pay_(?<no>[A-Za-z0-9_-]{1,64})$/.exec(id)?.groups?.['no'];
}

/** A till may have given a refund any number: characters that a path would not take are written as their UTF-8 bytes. */
export function refundId({
  paymentNo,
  requestNo,
}: Pick<Refund, 'paymentNo' | 'requestNo'>): string {
  const plain = encodeURIComponent(requestNo).replaceAll(/[.!~*'()]/g, escapeChar);
  return `re_${paymentNo}.${plain.replaceAll('%', '~')}`;
}

function escapeChar(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}

const REFUND_ID = /^re_(?<paymentNo>[A-Za-z0-9_-]{1,64})\.(?<rest>[A-Za-z0-9_~-]{1,768})$/;

export function refundKeyOf(id: string): Pick<Refund, 'paymentNo' | 'requestNo'> | undefined {
  const groups = REFUND_ID.exec(id)?.groups;
  if (groups === undefined) return undefined;
  const { paymentNo = '', rest = '' } = groups;
  try {
    const requestNo = decodeURIComponent(rest.replaceAll('~', '%'));
    return CONTROL_PATTERN.test(requestNo) ? undefined : { paymentNo, requestNo };
  } catch {
    // Bytes that are no UTF-8.
    return undefined;
  }
}

export function incidentId(incidentNo: number): string {
  return `inc_${incidentNo}`;
}

export function incidentNoOf(id: string): number | undefined {
  const text = /^inc_(?<no>\d{1,15})$/.exec(id)?.groups?.['no'];
  return text === undefined ? undefined : Number(text);
}

export function eventId(position: number): string {
  return `evt_${position}`;
}

/** The place of an event in the feed. */
export function placeOf(id: string): number | undefined {
  const text = /^evt_(?<place>\d{1,15})$/.exec(id)?.groups?.['place'];
  return text === undefined ? undefined : Number(text);
}

export function endpointId(endpointNo: string): string {
  return `whe_${endpointNo}`;
}

export function endpointNoOf(id: string): string | undefined {
  return /^whe_(?<no>[0-9a-f]{16})$/.exec(id)?.groups?.['no'];
}

export function deliveryId(endpointNo: string, position: number): string {
  return `whd_${endpointNo}_${position}`;
}

export function deliveryKeyOf(
  id: string,
): { readonly endpointNo: string; readonly position: number } | undefined {
  const groups = /^whd_(?<no>[0-9a-f]{16})_(?<place>\d{1,15})$/.exec(id)?.groups;
  return groups && { endpointNo: groups['no'] ?? '', position: Number(groups['place']) };
}

export function apiKeyId(keyNo: string): string {
  return `key_${keyNo}`;
}

export function keyNoOf(id: string): string | undefined {
  return /^key_(?<no>[0-9a-f]{16})$/.exec(id)?.groups?.['no'];
}

export function userId(userNo: string): string {
  return `user_${userNo}`;
}

export function userNoOf(id: string): string | undefined {
  return /^user_(?<no>[0-9a-f]{16})$/.exec(id)?.groups?.['no'];
}
