import { useDocumentTitle } from '@mantine/hooks';
import { useState } from 'react';
import { Columns } from '../../ui/page/Columns.tsx';
import { PageHead } from '../../ui/page/PageHead.tsx';
import { IssueToken } from './IssueToken.tsx';
import { LookIntoToken } from './LookIntoToken.tsx';
import { RevokeMany } from './RevokeMany.tsx';
import { RotateKey } from './RotateKey.tsx';
import classes from './TokensPage.module.css';

/** What opens the environment, to whom, and until when. Nothing of it outlives the page. */
export function TokensPage() {
  useDocumentTitle('Tokens and keys · Runcast');
  const [text, setText] = useState('');
  return (
    <div className={classes.page}>
      <PageHead
        title="Tokens and keys"
        about="A public token lets a browser do just what it names, and ends by itself."
      />
      <Columns
        first={
          <>
            <IssueToken onLook={setText} />
            <RevokeMany />
            <RotateKey />
          </>
        }
        second={<LookIntoToken text={text} onText={setText} />}
      />
    </div>
  );
}
