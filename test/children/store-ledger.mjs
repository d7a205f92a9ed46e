// What was acknowledged, and what was only attempted, by the output of store-driver.mjs.

/** @typedef {{ state: 'pending'|'dead'|'finished'|'absent', isWhole: boolean, report?: string, reason?: string,
 *   runAttempts?: number, reportAttempts?: number }} FoundJob */

class Job {
  /** Each: undefined, `attempted` or `acknowledged`. */
  steps = {};
  /** Reports that were to be stored, the one that was, and those that were sent. */
  attemptedReports = new Set();
  storedReport;
  sentReports = new Set();
  /** The process that has claimed it and not released it. */
  claimedBy;
  runs = 0;
  failedReports = 0;
  /** Dead jobs that are retried start at 0 again. */
  isCounted = true;
}

const stepOf = {
  addJob: 'add',
  settleJob: 'settle',
  giveUpJob: 'giveUp',
  reviveJob: 'revive',
  discardJob: 'discard',
  finishJob: 'finish',
};

export class Ledger {
  /** By id. */
  jobs = new Map();
  /** By id: the acknowledged content, and what may have replaced it. */
  events = new Map();
  problems = [];
  #acknowledged = 0;
  #calls = new Map();
  #requests = new Map();
  #dead = new Set();
  #rejectedButStored = 0;
  /** By id of a job: the process that had claimed it when another one did. */
  #takenFrom = new Map();

  /** @param {string} output - its last line may be cut off */
  constructor(output) {
    const lines = output.split('\n');
    lines.pop();
    for (const line of lines) this.#read(JSON.parse(line));
    for (const [id, owner] of this.#takenFrom) {
      if (this.#dead.has(owner)) continue;
      this.problems.push(`${id} was claimed by two processes at a time`);
    }
  }

  get figures() {
    return { acknowledged: this.#acknowledged, rejectedButStored: this.#rejectedButStored };
  }

  #job(id) {
    let job = this.jobs.get(id);
    if (job === undefined) {
      job = new Job();
      this.jobs.set(id, job);
    }
    return job;
  }

  #read(line) {
    if (line.call !== undefined) {
      this.#calls.set(`${line.by} ${line.call}`, line);
      this.#attempted(line.name, line.args, line.by);
    } else if (line.done !== undefined) {
      const { name, args } = this.#calls.get(`${line.by} ${line.done}`);
      this.#acknowledge(name, args, line.value, line.by);
    } else if (line.report !== undefined) {
      const job = this.#job(line.id);
      job.sentReports.add(line.report);
      if (job.storedReport === undefined) {
        this.problems.push(`${line.id} was reported before its report was stored`);
      }
    } else if (line.killed !== undefined) this.#dead.add(line.killed);
    else if (line.unsettled !== undefined) {
      this.problems.push(`not settled without a restart: ${line.unsettled}`);
    }
  }

  #attempted(name, [arg, content], by) {
    if (name === 'setEvent') {
      const event = this.events.get(arg) ?? { stored: undefined, possible: new Set() };
      event.possible.add(content);
      this.events.set(arg, event);
    }
    if (name === 'cleanUpJobs') this.#cleanUp(arg);
    if (name === 'releaseJob') {
      const job = [...this.jobs.values()].find(({ seq }) => seq === arg.seq);
      if (job?.claimedBy === by) job.claimedBy = undefined;
    }
    const step = stepOf[name];
    if (step === undefined) return;
    const job = this.#job(arg.id ?? arg);
    job.steps[step] ??= 'attempted';
    if (name === 'reviveJob') job.isCounted = false;
    if (name === 'addJob') this.#requests.set(arg.id, arg.request);
    if (name === 'finishJob') job.attemptedReports.add(content);
    if ((name === 'settleJob' || name === 'giveUpJob') && job.claimedBy === by) {
      job.claimedBy = undefined;
    }
  }

  #acknowledge(name, [arg, content, isReportAttempt], value, by) {
    this.#acknowledged += 1;
    if (name === 'setEvent') this.#eventStored(arg, content);
    if (name === 'getEvent') {
      const { stored, possible } = this.events.get(arg) ?? {};
      if (stored !== undefined && value !== stored && !possible.has(value)) {
        this.problems.push(`the event ${arg} was read as ${value}`);
      }
    }
    if (name === 'claimJobs') for (const claim of value) this.#claimed(claim, by);
    if (name === 'releaseJob' && isReportAttempt) {
      const job = [...this.jobs.values()].find(({ seq }) => seq === arg.seq);
      if (job !== undefined) job.failedReports += 1;
    }
    const step = stepOf[name];
    if (step === undefined || value === false || value === 'full') return;
    const job = this.#job(arg.id ?? arg);
    job.steps[step] = 'acknowledged';
    if (name === 'finishJob') {
      if (job.storedReport !== undefined && job.storedReport !== content) {
        this.problems.push(`${arg.id} has two stored reports`);
      }
      job.storedReport = content;
    }
  }

  #eventStored(id, content) {
    const event = this.events.get(id);
    event.stored = content;
    event.possible = new Set([content]);
  }

  #claimed({ seq, id, request, report, runAttempts, reportAttempts }, by) {
    const job = this.#job(id);
    job.seq = seq;
    if (job.claimedBy !== undefined && job.claimedBy !== by && !this.#dead.has(job.claimedBy)) {
      // Its end may be noticed after the other process has claimed the job.
      this.#takenFrom.set(id, job.claimedBy);
    }
    job.claimedBy = by;
    if (request !== this.#requests.get(id)) this.problems.push(`${id} has another request`);
    this.problems.push(...countProblems(job, runAttempts, reportAttempts).map((p) => `${id} ${p}`));
    if (report === undefined) {
      job.runs += 1;
      if (job.sentReports.size > 0) this.problems.push(`${id} was run again after its report`);
    } else {
      job.storedReport ??= report;
      if (!job.attemptedReports.has(report)) this.problems.push(`${id} has a report of nobody`);
    }
  }

  /** Finished and dead jobs may be forgotten from now on. */
  #cleanUp(before) {
    // The first clean-up, at the start of the queue, deletes what is a day old: nothing.
    if (before < Date.now() - 3_600_000) return;
    for (const job of this.jobs.values()) {
      const { settle, giveUp, discard } = job.steps;
      if (settle ?? giveUp ?? discard) job.steps.forget = 'attempted';
    }
  }

  /** @param {{ jobs: Map<string, FoundJob>, events: Map<string, string | undefined> }} content */
  compare({ jobs, events }) {
    const problems = [];
    for (const [id, found] of jobs) {
      const job = this.jobs.get(id);
      if (job === undefined) problems.push(`${id} was added by nobody`);
      else problems.push(...this.#compareJob(job, found).map((words) => `${id} ${words}`));
    }
    for (const [id, { stored, possible }] of this.events) {
      const content = events.get(id);
      if (content === stored || possible.has(content)) continue;
      problems.push(`event ${id} is ${content}, acknowledged was ${stored}`);
    }
    return problems;
  }

  /** @param {Job} job @param {FoundJob} found */
  #compareJob(job, { state, isWhole, report, reason, runAttempts, reportAttempts }) {
    const { add, settle, giveUp, revive, discard, forget } = job.steps;
    const problems = [];
    const isAccepted = add === 'acknowledged';
    if (state === 'absent' && isAccepted && forget === undefined) problems.push('is lost');
    if (state !== 'absent' && !isAccepted) this.#rejectedButStored += 1;
    if (!isWhole) problems.push('has another request');
    const isOver = settle === 'acknowledged' || discard === 'acknowledged';
    if (isOver && (state === 'pending' || state === 'dead')) {
      problems.push(`is ${state} after it was settled`);
    }
    if (state === 'finished' && (settle ?? discard) === undefined) {
      problems.push('is finished without a report');
    }
    if (state === 'dead' && giveUp === undefined) problems.push(`is dead: ${reason}`);
    if (giveUp === 'acknowledged' && state === 'pending' && revive === undefined) {
      problems.push('is pending after it was given up');
    }
    if (state === 'pending' || state === 'dead') {
      problems.push(...this.#compareReport(job, report));
    }
    if (state === 'pending') problems.push(...countProblems(job, runAttempts, reportAttempts));
    return problems;
  }

  #compareReport({ storedReport, attemptedReports, sentReports }, report) {
    const problems = [];
    if (storedReport !== undefined && report !== storedReport) {
      problems.push(`has the report ${report}, acknowledged was ${storedReport}`);
    }
    if (report !== undefined && !attemptedReports.has(report)) {
      problems.push('has a report of nobody');
    }
    const reports = new Set([...sentReports, ...(report === undefined ? [] : [report])]);
    if (reports.size > 1) problems.push('would be reported with two results');
    if (sentReports.size > 0 && report === undefined) problems.push('would run again');
    return problems;
  }
}

/** @param {Job} job @param {number} runAttempts @param {number} reportAttempts */
function countProblems({ isCounted, runs, failedReports }, runAttempts, reportAttempts) {
  if (!isCounted) return [];
  const problems = [];
  if (runAttempts < runs) problems.push(`has ${runAttempts} runs of ${runs}`);
  if (reportAttempts < failedReports)
    problems.push(`has ${reportAttempts} of ${failedReports} reports`);
  return problems;
}
