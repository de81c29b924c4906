package io.moiety.broker.transaction;

/**
 * Why a branch operation was refused.
 *
 * @param xaError a code of {@code javax.transaction.xa.XAException}
 * @param reason what happened, for a person
 */
public record XaRefusal(int xaError, String reason) {}
