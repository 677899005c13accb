"""Kills a process at a chosen system call, or lets the call fail: what a crash or a full disk would do to its files.

Linux stops a process at each call that changes a file and asks the test what to do (seccomp's user notifications: see
`man 2 seccomp_unotify`). Nothing is compiled and nobody need be root. It needs Linux 5.8 or later on x86_64 or aarch64.
"""
