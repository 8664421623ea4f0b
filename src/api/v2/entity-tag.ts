/**
 * ETags: each names what was read of something that can be changed, and a change that says `If-Match` is made of that alone. What
 * an ETag is made of stands beside each resource's view.
 */

/** Whether a change may be made of what has this ETag now. */
export function isMatch(ifMatch: string | undefined, etag: string): boolean {
  if (ifMatch === undefined || ifMatch.trim() === '*') return true;
  // A proxy that compresses answers calls their ETags weak. Ours name what is stored, and no bytes: weak or not is the same.
  const tags = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag);
}
