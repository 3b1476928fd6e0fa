//go:build unix

package restart

import (
	"os"
	"syscall"
)

// defaultSignals returns the signals that ask for a restart.
func defaultSignals() []os.Signal {
	signals := []os.Signal{syscall.SIGUSR2}
	if !hasTerminal() {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}

// hasTerminal reports whether the process has a controlling terminal.
func hasTerminal() bool {
	terminal, err := os.Open("/dev/tty")
	if err != nil {
		return false
	}
	terminal.Close()
	return true
}
