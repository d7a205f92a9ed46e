/** The job with this id that test/children/store-driver.mjs adds; large for some, so that it needs several pages. */
export function jobOf(id) {
  return {
    id,
    corpId: 'corp',
    agentId: 1,
    abilityId: 'job',
    notifyId: '',
    jobInfo: id,
    data: id.endsWith('4') ? id.repeat(15_000) : `data of ${id}`,
    requestId: id,
    acceptedAt: 0,
  };
}
