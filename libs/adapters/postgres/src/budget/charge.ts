/**
 * The statement that takes reservations away and counts what their calls cost, in one: none is ever counted twice, or lost.
 *
 * @param ended deletes them, and returns of each `tenant_id, day, model, reserved, input, output, estimated`
 */
export const charge = (ended: string): string => `
  with ended as (${ended}),
  released as (
    update packhouse.token_days d set reserved = d.reserved - e.reserved, spent = d.spent + e.spent
    from (
      select tenant_id, day, sum(reserved) as reserved, sum(input + output) as spent from ended group by tenant_id, day
    ) e
    where d.tenant_id = e.tenant_id and d.day = e.day
  )
  insert into packhouse.token_usage as u
    (tenant_id, day, model, calls, input_tokens, output_tokens, estimated_tokens)
  select tenant_id, day, model, count(*), sum(input), sum(output), sum(estimated) from ended
  group by tenant_id, day, model
  on conflict (tenant_id, day, model) do update set
    calls = u.calls + excluded.calls,
    input_tokens = u.input_tokens + excluded.input_tokens,
    output_tokens = u.output_tokens + excluded.output_tokens,
    estimated_tokens = u.estimated_tokens + excluded.estimated_tokens`;
