/**
 * The routes of incidents. What they do is in `incidents.ts`.
 */
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../../flows/deps.ts';
import { callerOf } from './caller.ts';
import { getIncident, listIncidents, resolveOne } from './incidents.ts';
import { makeOnce } from './made-once.ts';
import { operation } from './operation.ts';
import { lastPage } from './samples.ts';
import { IdParams, MayRepeatHeaders, pageOf, refTo } from './schemas.ts';
import type { ShapeProvider } from './shape.ts';
import { INCIDENT, RESOLVED_INCIDENT } from './story-samples.ts';
import { IncidentQuery, IncidentResolution } from './story-schemas.ts';

const list = operation(
  { querystring: IncidentQuery },
  {
    operationId: 'listIncidents',
    tag: 'Incidents',
    summary: {
      en: 'List what waits or waited for a person, newest first',
      zh: '列出需要或曾需要人工处理的事件，从新到旧',
    },
    scope: 'read',
    gives: [200, pageOf(refTo('Incident')), 'A page of incidents.'],
    problems: ['merchant_not_found', 'payment_not_found'],
    examples: { open: { query: { state: 'open' }, answer: lastPage(INCIDENT) } },
  },
);
const get = operation(
  { params: IdParams },
  {
    operationId: 'getIncident',
    tag: 'Incidents',
    summary: { en: 'Look at an incident', zh: '查看一个事件' },
    scope: 'read',
    gives: [200, refTo('Incident'), 'The incident, with what a person can do about it.'],
    problems: ['incident_not_found'],
    examples: { look: { params: { id: INCIDENT.id }, answer: INCIDENT } },
  },
);
const resolve = operation(
  { params: IdParams, body: IncidentResolution, headers: MayRepeatHeaders },
  {
    operationId: 'resolveIncident',
    tag: 'Incidents',
    summary: {
      en: 'Say that an incident has been dealt with; changes nothing about the money',
      zh: '写明事件已处理；不改变任何款项',
    },
    scope: 'manage',
    gives: [200, refTo('Incident'), 'The incident, with who resolved it and why.'],
    problems: ['incident_not_found', 'incident_resolved'],
    examples: {
      done: {
        params: { id: INCIDENT.id },
        body: { note: 'The guest had paid in cash: refunded at the desk' },
        answer: RESOLVED_INCIDENT,
      },
    },
  },
);

export async function incidentRoutes(
  server: FastifyInstance,
  { deps }: { readonly deps: Deps },
): Promise<void> {
  const app = server.withTypeProvider<ShapeProvider>();

  app.get('/v2/incidents', list, (request) =>
    listIncidents(deps, callerOf(request), request.query),
  );
  app.get('/v2/incidents/:id', get, (request) =>
    getIncident(deps, callerOf(request), request.params.id),
  );
  app.post('/v2/incidents/:id/resolve', resolve, (request, reply) =>
    makeOnce(deps, request, reply, (keep) =>
      resolveOne(deps, callerOf(request), request.params.id, request.body, keep),
    ),
  );
}
