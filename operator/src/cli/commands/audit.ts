import type { Finding } from '@scholar/contract';
import { isDrift, judge } from '../../audit/audit.ts';
import { driftPagePath } from '../../audit/drifts/drifts.ts';
import { toFinding } from '../../audit/judged.ts';
import { conservedJson, conservedText } from '../conservation-text.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { openTarget } from '../open-target.ts';
import { paint, printJson, type Screen, type Tone } from '../output.ts';

const TONES: Record<Finding['severity'], Tone> = {
  critical: 'bad',
  major: 'warn',
  minor: 'dim',
  info: 'dim',
};

/** `scholar audit`: phase 0 of the brief. 3 when there is a finding that is more than information. */
export async function audit(context: Context): Promise<ExitCode> {
  const target = await openTarget(context);
  try {
    const snapshot = await target.gather();
    const findings = (await target.place(judge(snapshot))).map(toFinding);
    const conservation = conservedJson(snapshot.apps);
    const { screen } = context;
    if (context.json) printJson(screen, { findings, conservation });
    else screen.out(`${auditText(findings, screen)}\n${conservedText(conservation, screen)}`);
    return findings.some(isDrift) ? EXIT.findings : EXIT.ok;
  } finally {
    await target.close();
  }
}

function auditText(findings: readonly Finding[], screen: Screen): string {
  if (findings.length === 0)
    return paint(screen, 'good', 'No drift found. That is not a proof: `scholar verify` is.');
  const blocks = findings.map((finding) =>
    [
      `${paint(screen, TONES[finding.severity], finding.severity.padEnd(8))} ${finding.app} ${paint(screen, 'bold', finding.code)}  ${finding.summary}`,
      ...finding.evidence.map((line) => `           ${paint(screen, 'dim', line)}`),
      `           remedy: ${finding.remedy}`,
      `           ${paint(screen, 'dim', `more: ${driftPagePath(finding.code)}`)}`,
    ].join('\n'),
  );
  return [
    ...blocks,
    '',
    `${findings.length} findings. \`scholar fix\` repairs what it may and proves it; \`scholar fix --dry-run\` shows the plan.`,
  ].join('\n');
}
