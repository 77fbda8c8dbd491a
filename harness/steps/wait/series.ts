import { series } from '../../series/index.ts';
import { seriesCondition } from '../parts/series-condition.ts';

export default seriesCondition(series);
