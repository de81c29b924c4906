/** What is sent to the broker, from the decoded request to the record in the log. */
@NullMarked
package io.moiety.broker.intake;

import org.jspecify.annotations.NullMarked;
