import type { Task } from '../../api/taskList.ts';
import rows from '../../ui/page/Rows.module.css';

/** What is to be known of a task at a glance. */
export function TaskMarks({ task }: { readonly task: Task }) {
  const { build } = task;
  if (build === undefined) {
    return (
      <span
        className={rows.badge}
        title="No build has it: its runs are left to whoever claims or changes them"
      >
        no build
      </span>
    );
  }
  return (
    <>
      {!build.current && (
        <span
          className={rows.badge}
          data-tone="waiting"
          title="The newest build has it no more; its runs go to the one that has"
        >
          not in the newest build
        </span>
      )}{' '}
      {build.triggerSource === 'schedule' && <span className={rows.badge}>scheduled</span>}
    </>
  );
}
