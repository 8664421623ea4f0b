/** Gives an endpoint a new secret, which is shown once; the older one signs beside it for a day. */
import { useState } from 'react';
import type { WebhookEndpoint } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { useWords } from '../../app/language.tsx';
import { useWhyNot } from '../../app/session.tsx';
import { timeText } from '../../time.ts';
import { WEBHOOKS } from '../../words/webhooks.ts';
import { AskedAct } from '../asked-act.tsx';
import { SecretOnce } from '../secret-once.tsx';
import { takeEndpoint } from './use-endpoint.ts';

export function RotateButton({ endpoint: { id } }: { readonly endpoint: WebhookEndpoint }) {
  const words = useWords(WEBHOOKS);
  const whyNot = useWhyNot('manage');
  const [rotated, setRotated] = useState<WebhookEndpoint>();
  return (
    <>
      <AskedAct
        whyNot={whyNot}
        title={words.rotateTitle}
        does={
          <>
            <p>{words.rotateDoes}</p>
            <p>{words.rotateThen}</p>
          </>
        }
        yes={words.rotateYes}
        act={() => client.webhookEndpoints.rotateSecret(id)}
        onDone={(now) => {
          takeEndpoint(now);
          setRotated(now);
        }}
      >
        {words.rotate}
      </AskedAct>
      {rotated === undefined ? null : (
        <SecretOnce
          title={words.rotatedTitle}
          name={words.secret}
          secret={rotated.secret ?? ''}
          onClose={() => setRotated(undefined)}
        >
          <p className="note">{words.secretUse}</p>
          <p className="note">
            {rotated.older_secret_until === null
              ? null
              : words.olderUntil(timeText(rotated.older_secret_until))}
          </p>
        </SecretOnce>
      )}
    </>
  );
}
