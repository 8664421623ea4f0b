/**
 * The account of the operating system that this process runs under. It names whoever runs a command in the audit log; nothing
 * is allowed or refused by it.
 */
import { userInfo } from 'node:os';

/** Undefined where the account has no name, as in a container under a number of its own. */
export function osUserName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
