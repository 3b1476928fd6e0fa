//go:build !linux

package restart

func takeSignals() {}
