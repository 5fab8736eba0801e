/**
 * Behind the id of a user in a statement: whether that user has not asked to be erased. From the request on an account
 * lets nobody in, whatever still lies in a mailbox: what is kept after a service has confirmed would belong to nobody.
 */
export const NOT_LEAVING = 'NOT IN (SELECT user_id FROM erasure_requests WHERE user_id IS NOT NULL)';
