/** Whether this is a demonstration, and where its guest pays. */
import { useGateway } from '../api/gateway.ts';

export type Demo = { readonly isDemo: boolean; readonly walletUrl: string | undefined };

export function useDemo(): Demo {
  const { data } = useGateway();
  return { isDemo: data?.simulated === true, walletUrl: data?.wallet_url ?? undefined };
}

/** The wallet with this code scanned. */
export function walletLink(walletUrl: string, qrCode: string): string {
  return `${walletUrl}#qr=${encodeURIComponent(qrCode)}`;
}
