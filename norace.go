//go:build !race

package microroute

const raceDetector = false
