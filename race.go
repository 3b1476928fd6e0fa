//go:build race

package microroute

// raceDetector tells that the program looks for mistakes, so that no Context serves twice.
const raceDetector = true
