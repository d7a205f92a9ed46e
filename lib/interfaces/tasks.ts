/** How the response to a result request shows that the task is finished. */
export type TaskProtocol =
  /** `status` 0 not finished, 1 finished, 2 failed. */
  | 'status'
  /** errcode 710642 until the model or program has reported its result; then `response_errcode`. */
  | 'report'
  /** `status` 1 waiting, 2 running, 3 done; then `result_errcode`. */
  | 'export';

/** A pair of interfaces: one creates a task, the other returns its result. */
export interface TaskDefinition {
  readonly create: string;
  readonly result: string;
  readonly protocol: TaskProtocol;
  /** Fields that the result of a finished task always has; one that the platform omits is added as empty. */
  readonly resultFields: readonly string[];
}

/** The tasks of the zone. */
export const zoneTasks = [
  {
    create: 'create_summary_task',
    result: 'get_summary_result',
    protocol: 'status',
    resultFields: ['fail_list', 'response_data'],
  },
  {
    create: 'create_sentiment_task',
    result: 'get_sentiment_result',
    protocol: 'status',
    resultFields: ['analyze_result_list'],
  },
  {
    create: 'create_customer_tag_task',
    result: 'get_customer_tag_result',
    protocol: 'status',
    resultFields: ['fail_list', 'tag_result_list'],
  },
  {
    create: 'create_recommend_dialog_task',
    result: 'get_recommend_dialog_result',
    protocol: 'status',
    resultFields: ['fail_list', 'response_data'],
  },
  {
    create: 'create_spam_task',
    result: 'get_spam_result',
    protocol: 'status',
    resultFields: ['analyze_result_list'],
  },
  {
    create: 'create_ww_model_task',
    result: 'get_ww_model_result',
    protocol: 'status',
    resultFields: ['fail_list', 'response_data', 'filtered_content_list'],
  },
  {
    create: 'create_model_task',
    result: 'get_model_task_result',
    protocol: 'report',
    resultFields: ['fail_list'],
  },
  {
    create: 'create_program_task',
    result: 'get_program_task_result',
    protocol: 'report',
    resultFields: ['fail_list'],
  },
  {
    create: 'create_chatdata_export_job',
    result: 'get_chatdata_export_job_status',
    protocol: 'export',
    resultFields: ['result_id'],
  },
] as const satisfies readonly TaskDefinition[];
