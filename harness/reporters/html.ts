import { htmlReporter } from './html/reporter.ts';

export default htmlReporter();
