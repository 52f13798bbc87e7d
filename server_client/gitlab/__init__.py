"""GitLab's differences from MLflow, and its few own resources. The rest of the package knows it only by `as_gitlab`.

GitLab keeps experiments and models in its projects and answers MLflow's questions about each under an address of its
own. Its experiments are MLflow's, by a number of the project; its candidates, called runs since 17.9, MLflow's runs.
"""
