/**
 * What a PostgreSQL server must be like for the gateway: new enough, careful with its disk, writable, and with connections
 * to spare. Pure: what it said about itself is asked in `database.ts`.
 */
import type { PostgresSeen } from './database.ts';
import { finding, type Finding } from './finding.ts';

/** 14, as `server_version_num` has it. */
const VERSION_NUM_MIN = 140_000;
const CLOCK_APART_MS = 5000;

export function postgresFindings(seen: PostgresSeen, poolMax: number): readonly Finding[] {
  const { version, encoding, connectionsMax } = seen;
  const found: Finding[] = [];
  if (seen.versionNum < VERSION_NUM_MIN) found.push(finding('postgres_too_old', { version }));
  if (encoding !== 'UTF8') found.push(finding('postgres_encoding', { encoding }));
  if (seen.isStandby || seen.isReadOnly) found.push(finding('postgres_read_only'));
  if (seen.fsync === 'off') found.push(finding('postgres_forgets', { setting: 'fsync' }));
  if (seen.fullPageWrites === 'off') {
    found.push(finding('postgres_forgets', { setting: 'full_page_writes' }));
  }
  if (seen.synchronousCommit === 'off') found.push(finding('postgres_commits_early'));
  // One more carries news of other nodes.
  const needed = poolMax + 1;
  if (needed > connectionsMax) {
    found.push(finding('postgres_connections_few', { needed, allowed: connectionsMax }));
  }
  if (Math.abs(seen.aheadMs) > CLOCK_APART_MS) {
    const seconds = Math.round(Math.abs(seen.aheadMs) / 1000);
    found.push(finding('postgres_clock_apart', { seconds }));
  }
  return found;
}
