/**
 * Transactions without XA: messages and one ordinary data source agree by a row that the
 * application's own database transaction inserts, and that answers the broker's questions.
 */
@NullMarked
package io.moiety.ra.checkback;

import org.jspecify.annotations.NullMarked;
