import { type ContractEvent, findPii } from '@scholar/contract';
import type { Submission } from './submission.ts';

export type LeadEvent = {
  source: string;
  payload: { details: string; reference: string; scholarship_id?: string };
};

/**
 * What NewLead says of a lead: its id as the reference, never the address or the name. Page and scholarship come from
 * outside; where one of them looks like personal data (a title with digits like a card number) it is left out, because
 * the contract would refuse the event and the lead would have none.
 */
export function leadEvent(leadId: string, { page, scholarshipId }: Submission): LeadEvent {
  const source = page ? `/p/${page}` : '/leads';
  const payload = { details: 'lead', reference: leadId };
  return {
    source: looksPersonal({ source, payload }) ? '/leads' : source,
    payload:
      scholarshipId &&
      !looksPersonal({ source: '/leads', payload: { ...payload, scholarship_id: scholarshipId } })
        ? { ...payload, scholarship_id: scholarshipId }
        : payload,
  };
}

function looksPersonal({ source, payload }: LeadEvent): boolean {
  const event: ContractEvent = {
    event_type: 'NewLead',
    occurred_at: '2026-01-01T00:00:00Z',
    actor_id: 'system',
    source,
    payload,
  };
  return findPii(event) !== undefined;
}
