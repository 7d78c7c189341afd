//! What people and timers do of themselves: now and then one of the things that happen on such a machine.

use std::time::Duration;

use super::{Act, Happening, World};
use crate::fleet::catalogue::{ERRANDS, Temper};
use crate::fleet::container::{Container, State};
use crate::time::SECOND;

/// The mean time between two such things, at 24 containers and the usual pace.
const MEAN: Duration = Duration::from_secs(9);

#[derive(Clone, Copy)]
enum Choice {
    Exec,
    Restart,
    Sicken,
    Pause,
    Job,
    Errand,
    StopAWhile,
    Update,
    Pull,
    Project,
    Volume,
    PruneBuilder,
    PruneImages,
    PruneVolumes,
    Top,
    Reload,
    Build,
}

/// Choices with their weights.
const CHOICES: &[(Choice, u64)] = &[
    (Choice::Exec, 24),
    (Choice::Restart, 6),
    (Choice::Sicken, 4),
    (Choice::Pause, 8),
    (Choice::Job, 6),
    (Choice::Errand, 12),
    (Choice::StopAWhile, 4),
    (Choice::Update, 4),
    (Choice::Pull, 4),
    (Choice::Project, 1),
    (Choice::Volume, 2),
    (Choice::PruneBuilder, 1),
    (Choice::PruneImages, 1),
    (Choice::PruneVolumes, 1),
    (Choice::Top, 3),
    (Choice::Reload, 1),
    (Choice::Build, 6),
];

impl World {
    pub(super) fn chance(&mut self) {
        let next = self.random.wait(MEAN).div_f64(self.pace);
        self.at(next, Happening::Chance);
        let whole: u64 = CHOICES.iter().map(|(_, weight)| weight).sum();
        let mut point = self.random.below(whole);
        for (choice, weight) in CHOICES {
            if point < *weight {
                self.choose(*choice);
                return;
            }
            point -= weight;
        }
    }

    fn choose(&mut self, choice: Choice) {
        let steady = |container: &Container| {
            container.state == State::Running
                && !matches!(container.spec.temper, Temper::CrashLoop | Temper::Job)
                && !container.spec.auto_remove
        };
        // Most of the work is on the shop; the rest of such a machine is left alone for weeks.
        let anywhere = self.random.chance(0.15);
        let worked_on = move |container: &Container| {
            let project = container.spec.project.as_deref();
            steady(container) && (anywhere || project.is_some_and(|of| of.starts_with("shop")))
        };
        match choice {
            Choice::Exec => {
                let command = *self
                    .random
                    .pick(&["sh", "bash", "cat /etc/resolv.conf", "env", "ls -la /data"])
                    .unwrap_or(&"sh");
                let lasts = self.random.between(0.3, 9.0);
                self.act_on(steady, |container| Act::Exec {
                    container,
                    command: command.to_owned(),
                    lasts,
                });
            }
            Choice::Restart => self.act_on(worked_on, Act::Restart),
            Choice::Sicken => {
                let lasts = self.random.between(60.0, 160.0);
                self.act_on(
                    |container| steady(container) && container.spec.temper == Temper::Sickly,
                    |container| Act::FailHealth { container, lasts },
                );
            }
            Choice::Pause => {
                let lasts = self.random.between(20.0, 70.0);
                if let Some(id) = self
                    .any(|container| steady(container) && container.spec.temper == Temper::Paused)
                {
                    self.do_it(&Act::Pause(id.clone()));
                    self.at(lasts, Happening::Act(Act::Unpause(id)));
                }
            }
            Choice::Job => self.act_on(
                |container| {
                    container.spec.temper == Temper::Job && container.state == State::Exited
                },
                Act::Start,
            ),
            Choice::Errand => {
                let (image, command) = *self.random.pick(ERRANDS).unwrap_or(&("alpine:3.22", "sh"));
                let lasts = self.random.between(2.0, 30.0);
                self.do_it(&Act::Run {
                    image: image.to_owned(),
                    command: command.to_owned(),
                    lasts,
                });
            }
            Choice::StopAWhile => {
                let back = self.random.between(12.0, 50.0);
                if let Some(id) = self.any(worked_on) {
                    self.do_it(&Act::Stop(id.clone()));
                    self.at(back, Happening::Act(Act::Start(id)));
                }
            }
            Choice::Update => self.act_on(worked_on, Act::Update),
            Choice::Pull => {
                let (image, _) = *self.random.pick(ERRANDS).unwrap_or(&("alpine:3.22", "sh"));
                self.do_it(&Act::Pull(image.to_owned()));
            }
            Choice::Project => {
                let back = self.random.between(10.0, 25.0);
                let project =
                    self.any(|container| worked_on(container) && container.spec.project.is_some());
                let project = project
                    .and_then(|id| self.fleet.find(&id))
                    .and_then(|key| self.fleet.get(key)?.spec.project.clone());
                if let Some(project) = project {
                    self.do_it(&Act::Down(project.clone()));
                    self.at(back, Happening::Act(Act::Up(project)));
                }
            }
            Choice::Volume => {
                let name = format!("scratch-{}", self.random.word(6));
                self.do_it(&Act::CreateVolume(name.clone()));
                self.at(SECOND * 40, Happening::Act(Act::RemoveVolume(name)));
            }
            Choice::PruneBuilder => self.do_it(&Act::PruneBuilder),
            Choice::PruneImages => self.do_it(&Act::PruneImages),
            Choice::PruneVolumes => self.do_it(&Act::PruneVolumes),
            Choice::Top => self.act_on(steady, Act::Top),
            Choice::Reload => {
                let debug = !self.host.debug;
                self.do_it(&Act::Reload { debug });
            }
            Choice::Build => {
                self.do_it(&Act::Build("registry.example.net/shop/web:dev".to_owned()));
            }
        }
    }

    fn act_on(&mut self, which: impl Fn(&Container) -> bool, act: impl FnOnce(String) -> Act) {
        if let Some(id) = self.any(which) {
            self.do_it(&act(id));
        }
    }

    /// A choice that turns out to be impossible just does not happen.
    fn do_it(&mut self, act: &Act) {
        drop(self.act(act));
    }

    fn any(&mut self, which: impl Fn(&Container) -> bool) -> Option<String> {
        let fitting: Vec<&String> = self
            .fleet
            .iter()
            .filter(|(_, container)| which(container))
            .map(|(_, container)| &container.id)
            .collect();
        self.random.pick(&fitting).map(|id| (*id).clone())
    }
}
