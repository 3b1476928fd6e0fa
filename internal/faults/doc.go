// Package faults is a suite of tests for what goes wrong around a server: clients that are slow, silent, rude or too many,
// files that shrink while they are sent, descriptors, memory and disks that run out, system calls that fail, handlers that
// panic, and an end in the middle of work. Each test runs on both engines and checks that nothing is left behind: no
// goroutine, no descriptor, no connection. A bad network is in interop/faults, for it needs a library.
//
// The usual run takes few clients and is over soon. The long one takes as many as the engines are made for:
//
//	go test ./internal/faults
//	go test ./internal/faults -long -timeout 1h
//
// Some tests need strace(1) or slowhttptest(1), which are Debian packages. Where there is none they are skipped, unless CI is
// true; where a process may not be traced, or may not mount a file system of its own, they are skipped in any case.
//
// The event engine has traps that its author has to step around. Each has a test, here or in package engine:
//
//	only its owner closes a descriptor, when its users are done    TestEveryAnswerIsItsOwn, engine: TestServerClose, TestClientClose
//	no event reaches the next socket with the same descriptor      TestEveryAnswerIsItsOwn
//	no descriptor is inherited by other programs                   TestNothingIsInherited
//	nothing is overlooked between a call and the wait for more     engine: TestNoRequestIsOverlooked, TestStress
//	a request and the end of the stream may come as one event      TestHalfClose, engine: TestRequestWithEnd
//	calls that the scheduler does not know of move little          TestLargeBodiesInLittleMemory, engine: TestReadFromFile
//	calls are interrupted                                          TestInterruptedCalls, TestPauses
//	pipelined requests take turns with others                      TestAnswersDoNotWaitForTheLast, TestFlood
//	handlers that wait delay nobody                                TestHandlersThatWait
//	who waits to be accepted is accepted before the listener ends  TestEndServesWhoWaits, TestEndUnderLoadWatched
//	accepting rests when it cannot succeed                         TestTooManyConnections, TestAcceptFails
//	idle connections have no buffers and no goroutines             TestIdleCrowd
//	deadlines are kept by a coarse wheel                           TestSlowHead, TestSlowBody, TestSlowReader, engine: TestIdleTimeout
//	a connection that is handed over tells its loop nothing more   engine: TestHijack, TestHijackLeavesNoDeadline
package faults
