/**
 * `/auth/secret` and `/auth/token`: how a dongle gets its secret key and its access tokens.
 */
import { CONTROL_PATTERN, lengthOf } from '../../core/limits.ts';
import { shanghaiText } from '../../core/time.ts';
import type { Deps } from '../../flows/deps.ts';
import { enrolDongle } from '../../flows/enrol-dongle.ts';
import { issueToken } from '../../flows/issue-token.ts';
import type { V1Answer } from './envelope.ts';
import { V1Error } from './errors.ts';
import { isNumberText, type JsonObject } from './json.ts';
import type { Params } from './params.ts';

const DONGLE_NO_LENGTH = 32;

export async function secret(deps: Deps, params: Params): Promise<V1Answer> {
  const dogNo = readDogNo(params.all());
  const result = await enrolDongle(deps, dogNo);
  if (result.kind === 'not_registered') throw new V1Error('DOGNO_IS_NOT_REGISTERED');
  if (result.kind === 'already_issued') throw new V1Error('SECRET_ALREADY_ISSUED');
  return {
    data: JSON.stringify({ dogNo, secretKey: result.secretKey, skId: result.secretId }),
  };
}

export async function token(deps: Deps, params: Params): Promise<V1Answer> {
  const fields = params.all();
  const dogNo = readDogNo(fields);
  // A missing or odd key is a wrong key: the answer never tells which.
  const secretKey = textOf(fields, 'secretKey') ?? '';
  const issued = await issueToken(deps, dogNo, secretKey);
  if (issued === undefined) throw new V1Error('DOGNO_IS_NOT_MATCH_SECRETKEY');
  return {
    data: JSON.stringify({
      ahId: issued.tokenId,
      dogNo,
      endTime: shanghaiText(issued.expiresAtMs),
      token: issued.token,
    }),
  };
}

function readDogNo(fields: JsonObject): string {
  const dogNo = textOf(fields, 'dogNo');
  const isDogNo =
    dogNo !== undefined &&
    lengthOf(dogNo) === DONGLE_NO_LENGTH &&
    dogNo.isWellFormed() &&
    !CONTROL_PATTERN.test(dogNo);
  if (!isDogNo) {
    throw new V1Error('DOGNO_LENGTH_IS_ERROR');
  }
  return dogNo;
}

function textOf(fields: JsonObject, name: string): string | undefined {
  const value = fields[name];
  if (isNumberText(value)) return value.numberText;
  return typeof value === 'string' ? value : undefined;
}
