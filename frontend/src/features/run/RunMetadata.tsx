import { isRecord } from '../../api/http.ts';
import { Section } from '../../ui/page/Section.tsx';
import { Json } from '../../ui/text/Json.tsx';
import classes from './RunMetadata.module.css';

/** A run's metadata, member by member; what changes flashes. */
export function RunMetadata({ metadata }: { readonly metadata: unknown }) {
  if (!isRecord(metadata) || Object.keys(metadata).length === 0) {
    return null;
  }
  return (
    <Section title="Metadata">
      <dl className={classes.members}>
        {Object.entries(metadata).map(([name, value]) => {
          const text = JSON.stringify(value);
          return (
            <div key={name} className={classes.member}>
              <dt className="ellipsis" title={name}>
                {name}
              </dt>
              {/* Another key for another value: the browser flashes what is new to it. */}
              <dd key={text} className={classes.value}>
                {isPlain(value) ? (
                  <Plain value={value} />
                ) : (
                  <Json value={value} label={`${name} as JSON`} />
                )}
              </dd>
            </div>
          );
        })}
      </dl>
    </Section>
  );
}

type PlainValue = string | number | boolean | null;

function isPlain(value: unknown): value is PlainValue {
  return value === null || typeof value !== 'object';
}

function Plain({ value }: { readonly value: PlainValue }) {
  return <span className={typeof value === 'string' ? undefined : 'mono'}>{String(value)}</span>;
}
