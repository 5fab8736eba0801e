import { leadEvent } from './lead-event.ts';

const leadId = '3f8a2c1e-7d1b-4c55-9a51-0f1f2a3b4c5d';
const email = 'ada@example.org';

describe('what NewLead says of a lead', () => {
  test('names page, scholarship and lead, and neither address nor name', () => {
    const event = leadEvent(leadId, {
      email,
      name: 'Ada',
      page: 'merit-award-0a1b2c3d',
      scholarshipId: 's1',
    });
    expect(event).toEqual({
      source: '/p/merit-award-0a1b2c3d',
      payload: { details: 'lead', reference: leadId, scholarship_id: 's1' },
    });
  });

  test('a lead from no page comes from /leads', () => {
    expect(leadEvent(leadId, { email })).toEqual({
      source: '/leads',
      payload: { details: 'lead', reference: leadId },
    });
  });

  test('a page or scholarship that looks like a card number is left out, so that the event is not refused', () => {
    const event = leadEvent(leadId, {
      email,
      page: 'award-4242-4242-4242-4242',
      scholarshipId: '4242424242424242',
    });
    expect(event).toEqual({ source: '/leads', payload: { details: 'lead', reference: leadId } });
  });
});
