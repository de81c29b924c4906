/**
 * Apache RocketMQ's own clients judge the broker, by behaviour: docs/rocketmq-clients.md. The same
 * tests run against Moiety and against the original. In this package is what they share: a broker
 * ({@link io.moiety.compatibility.OnBroker}), clients ({@link io.moiety.compatibility.Clients}),
 * and what arrives ({@link io.moiety.compatibility.Inbox}).
 */
@NullMarked
package io.moiety.compatibility;

import org.jspecify.annotations.NullMarked;
