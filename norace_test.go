//go:build !race

package microroute_test

const raceDetector = false
