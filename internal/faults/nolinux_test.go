//go:build !linux

package faults_test

import "errors"

func inherited() (string, error) { return "", errors.ErrUnsupported }

func mountDisk(string, int64) error { return errors.ErrUnsupported }
