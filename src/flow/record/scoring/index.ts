/** Scores of forecasts and of decisions. Pure; a backtest uses them as the live record does. */
export { BINS, calibrationError, equalCountBins, equalWidthBins, type Bin } from './bins.ts';
export { COST_LOSS_RATIOS, economicValue, meanExpense, regretOf, shouldAct, type DecidedCost, type Regret } from './economic-value.ts';
export { BOOTSTRAP_DRAWS, clusterBootstrap90, wilson90, type Interval90 } from './intervals.ts';
export { binnedBrier, murphyOf, type Murphy } from './murphy.ts';
export { scoreForecaster, type ForecasterScore } from './forecaster-score.ts';
export { brierOf, brierScore, countClusters, LOG_CLIP, logLoss, logLossOf, meanOf, type Scored } from './scores.ts';
